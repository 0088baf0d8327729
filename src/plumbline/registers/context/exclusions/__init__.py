"""Requirements not applicable (4.3): one may be left out only where that does no harm, and the scope says why."""
