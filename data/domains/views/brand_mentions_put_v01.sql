-- Moves the staged mentions into brand_mentions, those whose identity is new.
with fresh as (
  insert into brand_mention_identities (mention_hash, simulated)
  select distinct mention_hash, current_setting('mc.simulated')::boolean from stage_brand_mentions order by mention_hash
  on conflict do nothing returning mention_hash
)
insert into brand_mentions (brand, published_at, url, domain_name, title, excerpt, author, source, source_kind, sentiment,
  reach, language, last_fetched_at, extra, simulated)
select distinct on (s.mention_hash) brand, published_at, url, domain_name, title, excerpt, author, source, source_kind,
  sentiment, reach, language, last_fetched_at, extra, current_setting('mc.simulated')::boolean
from stage_brand_mentions s join fresh using (mention_hash) order by s.mention_hash, ord;
