-- inserts: NUMBERS
begin
    for i in reverse 1 to 10 do
        insert into numbers select :i, (:i * 2);
    end for;
end;
