-- One row goes into the first that fits.
-- reads: LOG_LINES
-- inserts: OPS.ERRORS, OPS.WARNINGS, OPS.OTHER
insert first
    when level = 'ERROR' then into ops.errors
    when level like 'WARN%' then into ops.warnings (at, text) values (at, text)
    else into ops.other
select at, level, text from log_lines;
