"""The shipped lexicons: one TOML file each.  A package only so that installs find them."""
