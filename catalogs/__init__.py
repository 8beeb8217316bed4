"""What can be bought: the catalog's CSVs, their schema, loading and checking.

The public names live in the modules, so that what needs no table does not pay for pandas:

- `catalogs.records`: `Offering`, `Pass`, `Part`, `Approval`
- `catalogs.faults`: `Fault`, `Faults`, `CatalogFaults`, `BadValue`, `did_you_mean`, `faults_text`, `shown`
- `catalogs.schema`: `OFFERINGS`, `PASSES`, `Column`, `Table`, `parse_cell`
- `catalogs.values`: the parser and the writer of every sort of cell
- `catalogs.rows`: `offering_from`, `offering_row`, `pass_row`
- `catalogs.loading`: `load`, `Catalog`, `offerings_of`, `passes_of`, `shipped_folder`
- `catalogs.coded`: `Offerings`, `Coded`, `coded` (columns with codes; imports numpy when asked for them)
- `catalogs.frames`: `write_csv`, `offerings_table` (imports pandas)
- `catalogs.check`: `report`
- `catalogs.datapackage`: `package`, `write_package`
"""
