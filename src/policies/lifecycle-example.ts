/**
 * The lifecycle a comparison shows when no policy is named: sensible for data that is read less and less. Nothing
 * expires. In the form `aws s3api get-bucket-lifecycle-configuration` prints; `samples/lifecycle.json` is the same.
 */
export const LIFECYCLE_EXAMPLE = {
  TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
  Rules: [
    {
      ID: 'cool-down',
      Filter: { Prefix: '' },
      Status: 'Enabled',
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER_IR' },
      ],
    },
  ],
} as const;
