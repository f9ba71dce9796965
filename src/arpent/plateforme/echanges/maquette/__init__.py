"""The workbook of the maquette that comes back, and becomes a scenario."""
