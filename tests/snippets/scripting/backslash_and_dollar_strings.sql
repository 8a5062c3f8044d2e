-- inserts: T
begin
    let a := 'it\'s; end; select * from x';
    let b := $$ from y; end; $$;
    insert into t select :a, :b, 'a''; drop table z; --';
end;
