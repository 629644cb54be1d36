CREATE TABLE visits (day date, page text) PARTITION BY RANGE (day);
CREATE TABLE visits_past PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE INDEX visits_past_page ON visits_past (page);
CREATE INDEX visits_page ON visits (page);
COMMENT ON INDEX visits_past_page IS 'seldom read';
