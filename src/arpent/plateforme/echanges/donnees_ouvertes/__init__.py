"""Open data: contracts and their projects, SCDL files, and the catalogue that describes them."""
