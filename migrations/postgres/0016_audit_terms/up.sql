-- Here the indexes of the trail stay as they are: pages of theirs that wait to be written hold up no change.
SELECT 1;
