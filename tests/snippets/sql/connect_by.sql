-- The same with CONNECT BY, which needs no CTE.
-- reads: HR.EMPLOYEES
select sys_connect_by_path(title, ' -> ') as path, employee_id, connect_by_root employee_id as top
from hr.employees
start with title = 'President'
connect by manager_id = prior employee_id
order by employee_id;
