"""Requirements not applicable (4.3): a requirement may be left out only where leaving it out does no harm, and the scope says why."""
