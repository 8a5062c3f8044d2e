-- DELETE with USING, by a table and by a query.
-- reads: GDPR.REQUESTS, BLACKLIST
-- inserts: CUSTOMERS, SESSIONS
delete from customers c using gdpr.requests r where r.customer_id = c.customer_id and r.state = 'APPROVED';
delete from sessions using (select user_id from blacklist where until > current_date()) b where sessions.user_id = b.user_id;
