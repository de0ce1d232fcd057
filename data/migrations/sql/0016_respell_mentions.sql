-- Gives the staged mentions their new spelling; one that is known in it already goes.
delete from brand_mention_identities i using respell_mentions r where i.mention_hash = r.hash;
create temporary table respell_kept on commit drop as
select distinct on (new_hash) r.*, m.simulated from respell_mentions r
join brand_mentions m on m.brand = r.brand and m.published_at = r.published_at and m.mention_id = r.id
order by new_hash, r.published_at, r.id;
delete from respell_kept k using brand_mention_identities i where i.mention_hash = k.new_hash;
insert into brand_mention_identities (mention_hash, simulated) select new_hash, simulated from respell_kept;
delete from brand_mentions m using respell_mentions r
where m.brand = r.brand and m.published_at = r.published_at and m.mention_id = r.id
  and not exists (select from respell_kept k where k.id = r.id and k.published_at = r.published_at and k.brand = r.brand);
update brand_mentions m set url = k.new_url, domain_name = k.domain_name from respell_kept k
where m.brand = k.brand and m.published_at = k.published_at and m.mention_id = k.id;
create temporary table respell_mentions_counts as
select 'mentions written anew' as what, count(*) as n from respell_kept
union all
select 'doubled mentions merged', (select count(*) from respell_mentions) - (select count(*) from respell_kept);
