-- Rates of currencies, the whole company's.

-- name: own
select currency, currency_decimals as decimals, recovers_input_tax from company

-- name: set_rate
insert into currency_rate (currency, valid_from, rate, created_by)
values (%(currency)s, %(valid_from)s, %(rate)s, %(user_id)s)
on conflict on constraint currency_rate_once_per_day
do update set rate = excluded.rate, created_by = excluded.created_by, created_at = now()

-- name: rate_on
select rate from currency_rate
where currency = %(currency)s and valid_from <= %(day)s
order by valid_from desc limit 1

-- name: rates
select currency_rate.id, currency_rate.currency, currency_rate.valid_from, currency_rate.rate,
       currency_rate.valid_from = (
           select max(other.valid_from) from currency_rate other
           where other.currency = currency_rate.currency and other.valid_from <= current_date
       ) is true as is_current,
       app_user.name as user_name
from currency_rate left join app_user on app_user.id = currency_rate.created_by
order by currency_rate.currency, currency_rate.valid_from desc
