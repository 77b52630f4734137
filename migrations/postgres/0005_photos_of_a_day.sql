-- What one person has sent on one day, which has a limit.

CREATE INDEX photo_sent_by_person ON photo_sent (org, person, received_at);
