-- Raw S3 server access logs in DuckDB as the table that Athena has of them, with the functions of Athena that
-- samples/daily-aggregate.sql uses. Logs are read below logs/, plain; say 'logs/**/*.gz' for packed ones.
SET TimeZone = 'UTC';
CREATE SCHEMA s3_access_logs_db;
CREATE MACRO parse_datetime(text, format) AS strptime(text, '%d/%b/%Y:%H:%M:%S %z');
CREATE VIEW s3_access_logs_db.mybucket_logs AS
SELECT
  fields.* EXCLUDE (bytessent, objectsize),
  TRY_CAST(fields.bytessent AS BIGINT) AS bytessent,
  TRY_CAST(fields.objectsize AS BIGINT) AS objectsize
FROM (
  SELECT regexp_extract(
    line,
    '^([^ ]+) ([^ ]+) \[([^\]]+)\] ([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) (".*?"|-) (\d{3}|-) ([^ "]+) (\d+|-) (\d+|-) ',
    ['bucketowner', 'bucket_name', 'requestdatetime', 'remoteip', 'requester', 'requestid', 'operation', 'key',
      'request_uri', 'httpstatus', 'errorcode', 'bytessent', 'objectsize']) AS fields
  FROM read_csv('logs/**', columns = {'line': 'VARCHAR'}, header = false, delim = '\x01', quote = '', escape = '',
    auto_detect = false)
)
WHERE fields.operation <> '';
