-- reads: CHANGES
-- inserts: T
declare
    c cursor for select id, v from changes;
begin
    open c;
    for r in c do
        let i int := r.id;
        let v varchar := r.v;
        update t set v = :v where id = :i;
    end for;
    close c;
    return 'ok';
end;
