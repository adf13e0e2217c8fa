//! All SQL: entities, migrations, one module per table group, the catalogue loader.
