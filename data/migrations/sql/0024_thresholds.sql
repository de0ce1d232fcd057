-- From which value on a link is strong or spam, and what a mention's tone is: said once, the same as in the `rules.py` of
-- the two areas. The planner puts the comparison in their place, so that they are answered from `backlinks_high` and
-- `backlinks_toxic`, whose own conditions are the same comparisons.
create function is_high_authority(authority smallint) returns boolean language sql immutable parallel safe
return authority > 70;

create function authority_tone(authority smallint) returns text language sql immutable parallel safe
return case when is_high_authority(authority) then 'high' when authority >= 35 then 'middle' else 'low' end;

create function is_toxic(spam_score smallint) returns boolean language sql immutable parallel safe
return spam_score >= 60;

create function sentiment_tone(sentiment float8) returns text language sql immutable parallel safe
return case when sentiment >= 0.05 then 'positive' when sentiment <= -0.05 then 'negative'
            when sentiment is not null then 'neutral' end;
