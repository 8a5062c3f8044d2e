-- reads: S
-- inserts: T
merge into t using s on t.id = s.id when matched then update all by name when not matched then insert all by name;
