"""The one shape of records: columns, cells, types, order."""
