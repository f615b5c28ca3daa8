"""Series: forecasts from windows of the past, how wrong they are, and their exact derivatives."""
