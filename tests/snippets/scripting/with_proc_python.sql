-- An anonymous procedure in Python: its text is not read.
with report as procedure (n int)
    returns varchar
    language python
    runtime_version = '3.11'
    packages = ('snowflake-snowpark-python')
    handler = 'main'
as 'def main(session, n): return str(n)'
call report(3);
