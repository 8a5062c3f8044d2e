-- TABLE of a variable is a table as well.
-- reads: RAW.SRC
begin
    let src varchar := 'raw.src';
    let n int := (select count(*) from table(:src));
    return n;
end;
