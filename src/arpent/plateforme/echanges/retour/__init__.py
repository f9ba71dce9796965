"""The plan as a workbook that goes out, is edited in a spreadsheet, and comes back."""
