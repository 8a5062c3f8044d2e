-- reads: SRC.EVENTS
declare
    r resultset;
begin
    r := (execute immediate 'select * from src.events where day = ?' using (current_date()));
    let c cursor for r;
    for row_ in c do
        null;
    end for;
    return table(r);
end;
