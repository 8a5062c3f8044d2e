-- Managers above each employee.
-- reads: HR.EMPLOYEES
with recursive chain (employee_id, manager_id, depth, path) as (
    select employee_id, manager_id, 0, to_array(employee_id)
    from hr.employees
    where manager_id is null
    union all
    select e.employee_id, e.manager_id, c.depth + 1, array_append(c.path, e.employee_id)
    from hr.employees e
    join chain c on e.manager_id = c.employee_id
)
select * from chain where depth <= 12;
