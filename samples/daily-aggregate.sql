-- S3 server access logs added up by key, operation and day: as much as tiercast needs, and small enough to download.
--
-- In Amazon Athena, on the table of
-- https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html;
-- save the result as daily.csv (or UNLOAD it as Parquet), then:   tiercast compare daily.csv
--
-- In DuckDB, on raw logs below logs/:
--   duckdb -init samples/access-logs-duckdb.sql -csv < samples/daily-aggregate.sql > daily.csv
SELECT
  bucket,
  key,
  CAST(parse_datetime(requestdatetime, 'dd/MMM/yyyy:HH:mm:ss Z') AS date) AS day,
  CASE
    WHEN operation IN (
      'REST.GET.OBJECT', 'REST.HEAD.OBJECT', 'REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.DELETE.OBJECT',
      'BATCH.DELETE.OBJECT', 'REST.COPY.OBJECT', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART', 'REST.COPY.PART_GET',
      'REST.POST.UPLOADS', 'REST.PUT.PART', 'REST.POST.UPLOAD', 'REST.DELETE.UPLOAD', 'REST.SELECT.OBJECT',
      'REST.POST.RESTORE', 'REST.GET.OBJECT_TAGGING', 'REST.PUT.OBJECT_TAGGING', 'REST.DELETE.OBJECT_TAGGING',
      'REST.GET.BUCKET', 'REST.GET.BUCKETVERSIONS', 'WEBSITE.GET.OBJECT', 'WEBSITE.HEAD.OBJECT') THEN operation
    WHEN operation LIKE '%.GET.%' OR operation LIKE '%.HEAD.%' OR operation LIKE '%.OPTIONS.%' THEN 'OTHER_READ'
    ELSE 'OTHER_WRITE'
  END AS operation,
  status,
  error_code,
  count(*) AS count,
  CAST(sum(bytes) AS bigint) AS bytes,
  size
FROM (
  -- A record may be delivered twice.
  SELECT DISTINCT
    requestid,
    requestdatetime,
    operation,
    bucket_name AS bucket,
    CASE
      WHEN key = '-' THEN ''
      WHEN operation = 'BATCH.DELETE.OBJECT' THEN url_decode(key)
      ELSE url_decode(url_decode(key))
    END AS key,
    TRY_CAST(httpstatus AS integer) AS status,
    nullif(errorcode, '-') AS error_code,
    CASE WHEN operation IN ('REST.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'REST.SELECT.OBJECT') THEN coalesce(bytessent, 0) END AS bytes,
    CASE
      WHEN operation LIKE '%.OBJECT' OR operation IN ('REST.COPY.OBJECT_GET', 'REST.COPY.PART', 'REST.PUT.PART', 'REST.POST.UPLOAD')
      THEN objectsize
    END AS size
  FROM s3_access_logs_db.mybucket_logs
  -- What S3 does itself is no request; deletions of configurations are free, and DeleteObjects has a record for each key.
  WHERE operation NOT LIKE 'S3.%'
    AND operation <> 'REST.POST.MULTI_OBJECT_DELETE'
    AND (operation NOT LIKE 'REST.DELETE.%'
      OR operation IN ('REST.DELETE.OBJECT', 'REST.DELETE.UPLOAD', 'REST.DELETE.OBJECT_TAGGING'))
)
GROUP BY 1, 2, 3, 4, 5, 6, 9
