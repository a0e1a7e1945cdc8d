/** What goes into the reference model and what comes out of it. */
import type { Operation } from '../../../src/model/operation.ts';
import type { StorageClass } from '../../../src/model/storage-class.ts';
import type { RestoreTier } from '../../../src/model/usage-type.ts';

export type Tags = Readonly<Record<string, string>>;

export interface ReferenceEvent {
  /** UTC milliseconds. */
  readonly time: number;
  readonly operation: Operation;
  readonly key: string;
  /** Absent, empty and `-` say nothing; `null` is the null version. */
  readonly versionId?: string;
  readonly size?: number;
  readonly bytes?: number;
  readonly count?: number;
  readonly storageClass?: StorageClass;
  readonly status?: number;
  readonly tags?: Tags;
  /** Somebody else than the bucket's owner is charged: it has its effects all the same. */
  readonly unpaid?: boolean;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html (Intelligent-Tiering's has no sizes) */
export interface Filter {
  readonly Prefix?: string;
  readonly Tag?: Tag;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
  readonly And?: {
    readonly Prefix?: string;
    readonly Tags?: readonly Tag[];
    readonly ObjectSizeGreaterThan?: number;
    readonly ObjectSizeLessThan?: number;
  };
}

export interface When {
  readonly Days?: number;
  readonly Date?: string;
}

export interface WhenNoncurrent {
  readonly NoncurrentDays: number;
  readonly NewerNoncurrentVersions?: number;
}

export interface LifecycleRule {
  readonly ID?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Filter?: Filter;
  readonly Transitions?: readonly (When & { readonly StorageClass: StorageClass })[];
  readonly Expiration?: When & { readonly ExpiredObjectDeleteMarker?: boolean };
  readonly NoncurrentVersionTransitions?: readonly (WhenNoncurrent & { readonly StorageClass: StorageClass })[];
  readonly NoncurrentVersionExpiration?: WhenNoncurrent;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** As `aws s3api get-bucket-lifecycle-configuration` prints it. */
export interface LifecycleConfiguration {
  readonly TransitionDefaultMinimumObjectSize?: 'all_storage_classes_128K' | 'varies_by_storage_class';
  readonly Rules: readonly LifecycleRule[];
}

/** As `aws s3api get-bucket-intelligent-tiering-configuration` prints it. */
export interface IntelligentTieringConfiguration {
  readonly Id: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Filter?: Filter;
  readonly Tierings: readonly {
    readonly Days: number;
    readonly AccessTier: 'ARCHIVE_ACCESS' | 'DEEP_ARCHIVE_ACCESS';
  }[];
}

export interface ReferencePolicy {
  /** Class of every upload; the trace's own where absent. */
  readonly uploadStorageClass?: StorageClass;
  /** Nothing ever moves: said for the reader, since objects that existed before are in {@link uploadStorageClass} under every policy that names one. */
  readonly fixed?: boolean;
  readonly lifecycle?: LifecycleConfiguration;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
}

export type Versioning = 'unversioned' | 'enabled' | 'suspended';

export interface ReferenceOptions {
  /** Horizon, UTC seconds at midnight. */
  readonly from: number;
  readonly until: number;
  readonly restoreTier: RestoreTier;
  readonly restoreDays: number;
  readonly egress: boolean;
  /** Whether the 32 KB index of an archived object is part of its early delete. */
  readonly earlyDeleteOverhead: 'included' | 'excluded';
  /** State of the bucket throughout; `unversioned` where absent. */
  readonly versioning?: Versioning;
  /** UTC seconds at midnight: no lifecycle action is due before. */
  readonly rulesFrom?: number;
  /** When a transition into INTELLIGENT_TIERING is made, after the rule's midnight; `midnight` where absent. */
  readonly intelligentTieringMove?: 'midnight' | 'day-later' | 'two-days-later';
  /** Whether reading the source of a copy is charged as a GET; `charged` where absent. */
  readonly copySourceRequest?: 'charged' | 'free';
}

/** What the report says besides usage; requests within the horizon only. */
export interface ReferenceNotices {
  readsAfterExpiration: number;
  readsNeedingRestore: number;
  restores: number;
  restoreWaitSeconds: number;
  longestRestoreWaitSeconds: number;
}

export interface ReferenceResult extends ReferenceNotices {
  /** Quantities that are not zero by `2025-01|usageType|operation`. */
  readonly usage: Map<string, bigint>;
  /** Keys that ever held an object, each as often as its largest cohort. */
  readonly objects: number;
  /** Objects (versions of them) that were there before the trace. */
  readonly assumedObjects: number;
  readonly deletesOfUnknownKeys: number;
  /** Rows before the horizon's end. */
  readonly events: number;
}
