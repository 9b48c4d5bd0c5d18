import { describe, expect, it } from "vitest";

import {
  claimedHandle,
  didWebDocumentUrl,
  isSupportedDid,
  parseDidDocument,
  pdsOrigin,
  signingKey,
} from "../../../adapters/atproto/did-document.ts";
import type { AtprotoDid, DidDocument } from "../../../adapters/atproto/did-document.ts";

const PLC = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const WEB = "did:web:alice.example.com";

function written(did: string, pds: unknown = "https://pds.example.com"): Record<string, unknown> {
  return {
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: did,
    alsoKnownAs: ["at://Alice.Example.com"],
    verificationMethod: [
      { id: `${did}#atproto`, type: "Multikey", controller: did, publicKeyMultibase: "zKey" },
    ],
    service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: pds }],
  };
}

function documentOf(did: AtprotoDid, pds?: unknown): DidDocument {
  const document = parseDidDocument(did, written(did, pds));
  if (document === undefined) {
    throw new Error("the document of this test is malformed");
  }
  return document;
}

describe("which DIDs can be looked up", () => {
  it.each([PLC, WEB, "did:web:xn--bcher-kva.example"])("%s can", (did) => {
    expect(isSupportedDid(did)).toBe(true);
  });

  it.each([
    "did:plc:short",
    "did:plc:AAAAAAAAAAAAAAAAAAAAAAAA",
    "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
    "did:web:localhost",
    "did:web:localhost%3A8787",
    "did:web:127.0.0.1",
    "did:web:%31%32%37.0.0.1",
    "did:web:2130706433",
    "did:web:[::1]",
    "did:web:printer.local",
    "did:web:db.internal",
    "did:web:alice.example.com%3A8443",
    "did:web:alice.example.com:path",
    "did:web:alice.example.com%2Fpath",
    "did:web:alice.example.com%23",
    "did:web:user%40alice.example.com",
    "did:web:alice.example.com/../..",
    "did:web:",
    "did:web",
    "",
    `did:web:${"a.".repeat(150)}com`,
  ])("%s cannot", (did) => {
    expect(isSupportedDid(did)).toBe(false);
  });

  it("a did:web keeps its document on https, whatever its name", () => {
    expect(didWebDocumentUrl(WEB).href).toBe("https://alice.example.com/.well-known/did.json");
    expect(didWebDocumentUrl("did:web:localhost%3A8787").protocol).toBe("https:");
  });
});

describe("what is believed of a document", () => {
  it("nothing, when it speaks of another DID", () => {
    expect(parseDidDocument(PLC, written(WEB))).toBeUndefined();
  });

  it.each([null, "text", 7, [], {}, { id: PLC, service: "x" }, { id: PLC, alsoKnownAs: [7] }])(
    "nothing, when it is %j",
    (json) => {
      expect(parseDidDocument(PLC, json) === undefined).toBe(true);
    },
  );

  it("nothing, when two services have one id", () => {
    const twice = written(PLC);
    const service = {
      id: "#atproto_pds",
      type: "AtprotoPersonalDataServer",
      serviceEndpoint: "https://a.example",
    };
    expect(
      parseDidDocument(PLC, { ...twice, service: [service, { ...service, id: `${PLC}#atproto_pds` }] }),
    ).toBe(undefined);
  });

  it("its handle in lower case, its PDS as an origin, its signing key", () => {
    const document = documentOf(PLC, "https://pds.example.com/some/path");
    expect(claimedHandle(document)).toBe("alice.example.com");
    expect(pdsOrigin(document, false)).toBe("https://pds.example.com");
    expect(signingKey(document)).toEqual({ type: "Multikey", publicKeyMultibase: "zKey" });
  });

  it("no handle that is not one", () => {
    const document = parseDidDocument(PLC, {
      ...written(PLC),
      alsoKnownAs: ["at://not_a_handle", "https://x.example"],
    });
    expect(document && claimedHandle(document)).toBeUndefined();
  });

  it.each([
    "http://pds.example.com",
    "https://10.0.0.1",
    "https://pds.internal",
    "https://pds.example.com:2583",
    { uri: "https://pds.example.com" },
  ])("no PDS at %j", (pds) => {
    expect(pdsOrigin(documentOf(PLC, pds), false)).toBeUndefined();
  });

  it("a PDS on loopback only for did:plc, and only in local runs", () => {
    const loopback = "http://localhost:2583";
    expect(pdsOrigin(documentOf(PLC, loopback), true)).toBe(loopback);
    expect(pdsOrigin(documentOf(PLC, loopback), false)).toBeUndefined();
    expect(pdsOrigin(documentOf(WEB, loopback), true)).toBeUndefined();
  });
});
