-- How often was a brand mentioned on a day, where, and in what tone? Grain: brand, day (UTC), kind of source, simulated.
delete from rollup_mentions_daily r using drained_buckets z
  where z.rollup = 'mentions' and r.brand = z.key and r.day = (z.bucket at time zone 'UTC')::date;
insert into rollup_mentions_daily (brand, day, source_kind, simulated, n, n_positive, n_negative, n_sentiment, sum_sentiment, sum_reach)
select z.key, (z.bucket at time zone 'UTC')::date, s.* from drained_buckets z cross join lateral (
  select
    m.source_kind, m.simulated, count(*),
    count(*) filter (where sentiment_tone(m.sentiment) = 'positive'), count(*) filter (where sentiment_tone(m.sentiment) = 'negative'),
    count(m.sentiment), coalesce(sum(m.sentiment), 0), coalesce(sum(m.reach), 0)::bigint
  from brand_mentions m
  where m.brand = z.key and m.published_at >= z.bucket and m.published_at < z.bucket + interval '1 day'
  group by m.source_kind, m.simulated
) s where z.rollup = 'mentions';
