// Compiled by `tsc -p tests`, never run: a line below that compiled without its error would fail the check.
import { byteSeconds, bytes, nanoUSD, objectSeconds, plus, requests, tagSeconds } from '../../src/model/units.ts';

plus(byteSeconds(1n), byteSeconds(2n));
plus(nanoUSD(1n), nanoUSD(2n));

// @ts-expect-error storage is not requests
plus(byteSeconds(1n), requests(1n));
// @ts-expect-error bytes are not bytes stored for a while
plus(bytes(1n), byteSeconds(1n));
// @ts-expect-error a second of an object is not a second of a byte
plus(objectSeconds(1n), byteSeconds(1n));
// @ts-expect-error a second of a tag is not a second of an object
plus(tagSeconds(1n), objectSeconds(1n));
// @ts-expect-error money is added to money only
plus(nanoUSD(1n), requests(1n));
// @ts-expect-error a bare number has no unit
plus(nanoUSD(1n), 1n);
