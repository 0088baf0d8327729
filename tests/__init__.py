"""Tests of the product as a whole; a register's own tests stand in its folder."""
