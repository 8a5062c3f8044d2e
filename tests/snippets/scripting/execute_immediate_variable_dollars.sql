-- reads: S
-- inserts: D
begin
    let stmt := $$insert into d select * from s where x = 'y'$$;
    execute immediate :stmt;
end;
