-- Where an opportunité comes from, and when and why it was lost: words of the host's lists, and a remark in free words.
ALTER TABLE opportunites ADD COLUMN origine VARCHAR(30) NULL;
ALTER TABLE opportunites ADD COLUMN lost_at BIGINT NULL;
ALTER TABLE opportunites ADD COLUMN lost_reason VARCHAR(30) NULL;
ALTER TABLE opportunites ADD COLUMN lost_remark VARCHAR(2000) NULL;
-- A lost one has left its last section when it was lost. Nobody has said why.
UPDATE opportunites SET lost_at = section_since WHERE outcome = 'lost';
