-- reads: T, U
begin
    return table(select t.id, u.name from t left join u on u.id = t.id);
end;
