// Made from wit/ by `afpi plugin types`; do not edit.
import type { Shapes } from '../testing/codec.js';

export const shapes: Shapes = {
  "types": {
    "types": {
      "id": "plain",
      "money": "plain",
      "instant": "plain",
      "date": "plain",
      "json": "plain",
      "text": {"record":{"fr":"plain","en":"plain"}},
      "field-problem": {"record":{"field":"plain","code":"plain","message":{"named":"text"}}},
      "error": {"variant":{"invalid":{"list":{"named":"field-problem"}},"denied":{"named":"text"},"not-found":"plain","conflict":{"named":"text"},"rate-limited":"plain","unavailable":"plain","other":"plain"}},
      "actor": {"record":{"id":{"named":"id"},"name":"plain","role":"plain","owner":"plain"}},
      "opportunite": {"record":{"id":{"named":"id"},"numero":"plain","title":"plain","kind":"plain","section":"plain","status":"plain","amount":{"named":"money"},"budget":{"named":"money"},"entreprise":{"named":"id"},"entreprise-name":"plain","commercial":{"named":"id"},"localisation":{"named":"id"},"created-at":{"named":"instant"},"section-since":{"named":"instant"},"data":{"named":"json"},"state":{"named":"json"}}},
      "entreprise": {"record":{"id":{"named":"id"},"name":"plain","siret":"plain","postcode":"plain","city":"plain","localisation":{"named":"id"},"active":"plain","created-at":{"named":"instant"},"updated-at":{"named":"instant"},"data":{"named":"json"}}},
    },
    "functions": {},
  },
  "records": {
    "types": {
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "kind": "plain",
      "reference": {"record":{"kind":{"named":"kind"},"id":{"named":"id"}}},
      "entry": {"record":{"kind":{"named":"kind"},"id":{"named":"id"},"site":"plain","version":"plain","label":"plain","updated-at":{"named":"instant"},"data":{"named":"json"}}},
    },
    "functions": {},
  },
  "log": {
    "types": {
      "level": "enum",
    },
    "functions": {
      "write": {"params":[{"named":"level"},"plain"],"result":null},
    },
  },
  "context": {
    "types": {
      "id": {"use":"types"},
      "call-context": {"record":{"site":{"named":"id"},"site-code":"plain","locale":"plain","call-id":"plain","deadline-ms":"plain"}},
    },
    "functions": {
      "current": {"params":[],"result":{"named":"call-context"}},
    },
  },
  "config": {
    "types": {
      "json": {"use":"types"},
    },
    "functions": {
      "get": {"params":[],"result":{"named":"json"}},
    },
  },
  "http-client": {
    "types": {
      "error": {"use":"types"},
      "method": "enum",
      "header": {"record":{"name":"plain","value":"plain"}},
      "secret-header": {"record":{"name":"plain","prefix":"plain","secret":"plain"}},
      "request": {"record":{"method":{"named":"method"},"url":"plain","headers":{"list":{"named":"header"}},"secret-headers":{"list":{"named":"secret-header"}},"body":{"option":{"list":"plain"}},"timeout-ms":"plain"}},
      "response": "plain",
    },
    "functions": {
      "response.status": {"params":[],"result":"plain"},
      "response.headers": {"params":[],"result":{"list":{"named":"header"}}},
      "response.read": {"params":["plain"],"result":{"option":{"list":"plain"}}},
      "send": {"params":[{"named":"request"}],"result":"plain"},
    },
  },
  "secrets": {
    "types": {},
    "functions": {
      "has": {"params":["plain"],"result":"plain"},
    },
  },
  "kv": {
    "types": {
      "error": {"use":"types"},
    },
    "functions": {
      "get": {"params":["plain"],"result":{"option":{"list":"plain"}}},
      "set": {"params":["plain",{"list":"plain"}],"result":"plain"},
      "delete": {"params":["plain"],"result":"plain"},
      "keys": {"params":["plain",{"option":"plain"}],"result":{"list":"plain"}},
    },
  },
  "records-read": {
    "types": {
      "id": {"use":"types"},
      "error": {"use":"types"},
      "opportunite": {"use":"types"},
      "entreprise": {"use":"types"},
      "criterion": {"record":{"field":"plain","value":"plain"}},
      "page-request": {"record":{"criteria":{"list":{"named":"criterion"}},"after":{"option":"plain"},"limit":"plain"}},
      "opportunite-page": {"record":{"items":{"list":{"named":"opportunite"}},"next":{"option":"plain"}}},
      "entreprise-page": {"record":{"items":{"list":{"named":"entreprise"}},"next":{"option":"plain"}}},
    },
    "functions": {
      "get-opportunite": {"params":[{"named":"id"}],"result":{"named":"opportunite"}},
      "list-opportunites": {"params":[{"named":"page-request"}],"result":{"named":"opportunite-page"}},
      "get-entreprise": {"params":[{"named":"id"}],"result":{"named":"entreprise"}},
      "list-entreprises": {"params":[{"named":"page-request"}],"result":{"named":"entreprise-page"}},
    },
  },
  "jobs": {
    "types": {
      "json": {"use":"types"},
      "error": {"use":"types"},
      "job": {"record":{"kind":"plain","payload":{"named":"json"},"run-after-ms":"plain","dedupe-key":{"option":"plain"}}},
    },
    "functions": {
      "enqueue": {"params":[{"named":"job"}],"result":"plain"},
    },
  },
  "events": {
    "types": {
      "id": {"use":"types"},
      "json": {"use":"types"},
      "error": {"use":"types"},
      "event": {"record":{"name":"plain","opportunite":{"option":{"named":"id"}},"payload":{"named":"json"}}},
    },
    "functions": {
      "emit": {"params":[{"named":"event"}],"result":"plain"},
    },
  },
  "clock": {
    "types": {
      "instant": {"use":"types"},
    },
    "functions": {
      "now": {"params":[],"result":{"named":"instant"}},
    },
  },
  "random": {
    "types": {},
    "functions": {
      "bytes": {"params":["plain"],"result":{"list":"plain"}},
    },
  },
  "metrics": {
    "types": {},
    "functions": {
      "add": {"params":["plain","plain"],"result":null},
      "set": {"params":["plain","plain"],"result":null},
    },
  },
  "records-query": {
    "types": {
      "json": {"use":"types"},
      "error": {"use":"types"},
      "kind": {"use":"records"},
      "reference": {"use":"records"},
      "entry": {"use":"records"},
      "condition": {"record":{"field":"plain","test":"plain","value":{"named":"json"}}},
      "query": {"record":{"kind":{"named":"kind"},"conditions":{"list":{"named":"condition"}},"fields":{"list":"plain"},"order":"plain","after":{"option":"plain"},"limit":"plain"}},
      "page": {"record":{"items":{"list":{"named":"entry"}},"next":{"option":"plain"}}},
    },
    "functions": {
      "describe": {"params":[{"named":"kind"}],"result":{"named":"json"}},
      "select": {"params":[{"named":"query"}],"result":{"named":"page"}},
      "fetch": {"params":[{"list":{"named":"reference"}},{"list":"plain"}],"result":{"list":{"named":"entry"}}},
    },
  },
  "auditor": {
    "types": {
      "date": {"use":"types"},
      "text": {"use":"types"},
      "error": {"use":"types"},
      "entry": {"use":"records"},
      "reference": {"use":"records"},
      "severity": "enum",
      "rule": {"record":{"id":"plain","label":{"named":"text"},"severity":{"named":"severity"},"source":{"named":"text"}}},
      "finding": {"record":{"rule":"plain","subjects":{"list":{"named":"reference"}},"field":"plain","message":{"named":"text"},"key":"plain"}},
      "audit": "plain",
    },
    "functions": {
      "rules": {"params":[],"result":{"list":{"named":"rule"}}},
      "audit.add": {"params":[{"list":{"named":"entry"}}],"result":null},
      "audit.finish": {"params":[],"result":{"list":{"named":"finding"}}},
    },
  },
  "connector": {
    "types": {
      "json": {"use":"types"},
      "text": {"use":"types"},
      "error": {"use":"types"},
      "probe": {"record":{"name":"plain","ok":"plain","message":{"named":"text"}}},
      "item": {"record":{"entity":"plain","external-id":"plain","parent":"plain","archived":"plain","fields":{"named":"json"}}},
      "skipped": {"record":{"entity":"plain","external-id":"plain","reason":{"named":"text"}}},
      "batch": {"record":{"items":{"list":{"named":"item"}},"skipped":{"list":{"named":"skipped"}},"entity":"plain","done":"plain","total":"plain","completed":{"list":"plain"},"finished":"plain"}},
      "pass": "plain",
    },
    "functions": {
      "check": {"params":[],"result":{"list":{"named":"probe"}}},
      "pass.open": {"params":[{"list":"plain"}],"result":"plain"},
      "pass.next": {"params":["plain"],"result":{"named":"batch"}},
    },
  },
  "data-migration": {
    "types": {
      "id": {"use":"types"},
      "json": {"use":"types"},
      "error": {"use":"types"},
      "stored": {"record":{"id":{"named":"id"},"section":"plain","status":"plain","data":{"named":"json"},"state":{"named":"json"}}},
    },
    "functions": {
      "migrate": {"params":["plain",{"list":{"named":"stored"}}],"result":{"list":{"named":"stored"}}},
    },
  },
  "documents": {
    "types": {
      "json": {"use":"types"},
      "text": {"use":"types"},
      "instant": {"use":"types"},
      "date": {"use":"types"},
      "field-problem": {"use":"types"},
      "error": {"use":"types"},
      "about": "enum",
      "kind": {"record":{"id":"plain","label":{"named":"text"},"section":"plain","roles":{"list":"plain"},"about":{"named":"about"},"pieces":{"list":"plain"},"archival":"plain","languages":{"list":"plain"},"signed":"plain","reminder":"plain"}},
      "request": {"record":{"kind":"plain","language":"plain","draft":"plain","dossier":{"named":"json"},"now":{"named":"instant"},"today":{"named":"date"}}},
      "mail": {"record":{"subject":"plain","body":"plain"}},
      "composition": {"record":{"template":"plain","data":{"named":"json"},"title":"plain","file-name":"plain","invoice":{"option":{"named":"json"}},"mail":{"option":{"named":"mail"}}}},
    },
    "functions": {
      "catalogue": {"params":[],"result":{"list":{"named":"kind"}}},
      "missing": {"params":[{"named":"request"}],"result":{"list":{"named":"field-problem"}}},
      "compose": {"params":[{"named":"request"}],"result":{"named":"composition"}},
    },
  },
  "hook": {
    "types": {
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "text": {"use":"types"},
      "error": {"use":"types"},
      "actor": {"use":"types"},
      "opportunite": {"use":"types"},
      "entreprise": {"use":"types"},
      "phase": "enum",
      "subscription": {"record":{"event":"plain","phase":{"named":"phase"},"order":"plain"}},
      "subject": {"variant":{"none":null,"opportunite":{"named":"opportunite"},"entreprise":{"named":"entreprise"},"other":{"named":"json"}}},
      "event": {"record":{"name":"plain","at":{"named":"instant"},"site":{"named":"id"},"actor":{"option":{"named":"actor"}},"subject":{"named":"subject"},"data":{"named":"json"}}},
      "verdict": {"variant":{"allow":null,"veto":{"named":"text"},"other":"plain"}},
    },
    "functions": {
      "subscriptions": {"params":[],"result":{"list":{"named":"subscription"}}},
      "before": {"params":[{"named":"event"}],"result":{"named":"verdict"}},
      "after": {"params":[{"named":"event"}],"result":"plain"},
    },
  },
  "job-handler": {
    "types": {
      "json": {"use":"types"},
      "outcome": {"variant":{"done":null,"retry":"plain","fail":"plain","other":"plain"}},
    },
    "functions": {
      "run": {"params":["plain",{"named":"json"},"plain"],"result":{"named":"outcome"}},
    },
  },
  "lifecycle": {
    "types": {
      "json": {"use":"types"},
      "field-problem": {"use":"types"},
      "error": {"use":"types"},
    },
    "functions": {
      "config-schema": {"params":[],"result":{"named":"json"}},
      "validate-config": {"params":[{"named":"json"}],"result":{"list":{"named":"field-problem"}}},
      "migrate-config": {"params":["plain",{"named":"json"}],"result":{"named":"json"}},
    },
  },
  "lookup": {
    "types": {
      "error": {"use":"types"},
      "wanted": {"variant":{"siret":"plain","siren":"plain","name":"plain","other":"plain"}},
      "query": {"record":{"wanted":{"named":"wanted"},"postcode":"plain"}},
      "address": {"record":{"line1":"plain","line2":"plain","postcode":"plain","city":"plain","country":"plain"}},
      "headcount": {"record":{"least":"plain","most":{"option":"plain"}}},
      "company": {"record":{"name":"plain","siret":"plain","vat-number":"plain","naf-code":"plain","naf-nomenclature":"plain","address":{"named":"address"},"idcc":{"list":"plain"},"headcount":{"option":{"named":"headcount"}},"closed":"plain"}},
    },
    "functions": {
      "find": {"params":[{"named":"query"}],"result":{"list":{"named":"company"}}},
    },
  },
  "notifier": {
    "types": {
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "text": {"use":"types"},
      "error": {"use":"types"},
      "actor": {"use":"types"},
      "opportunite": {"use":"types"},
      "kind": {"record":{"id":"plain","label":{"named":"text"},"channels":{"list":"plain"}}},
      "event": {"record":{"name":"plain","at":{"named":"instant"},"site":{"named":"id"},"actor":{"option":{"named":"actor"}},"subject":{"option":{"named":"opportunite"}},"data":{"named":"json"}}},
      "audience": {"variant":{"user":{"named":"id"},"role":"plain","owner":null,"other":"plain"}},
      "message": {"record":{"kind":"plain","to":{"list":{"named":"audience"}},"title":{"named":"text"},"body":{"named":"text"},"link":"plain","dedupe-key":"plain"}},
    },
    "functions": {
      "kinds": {"params":[],"result":{"list":{"named":"kind"}}},
      "notify": {"params":[{"named":"event"}],"result":{"list":{"named":"message"}}},
    },
  },
  "objectives": {
    "types": {
      "instant": {"use":"types"},
      "date": {"use":"types"},
      "text": {"use":"types"},
      "error": {"use":"types"},
      "unit": "enum",
      "metric": {"record":{"id":"plain","label":{"named":"text"},"unit":{"named":"unit"},"targetable":"plain"}},
      "grouping": "enum",
      "query": {"record":{"first":{"named":"date"},"last":{"named":"date"},"today":{"named":"date"},"metrics":{"list":"plain"},"grouping":{"named":"grouping"},"words":{"list":"plain"}}},
      "fact": {"record":{"kind":"plain","key":"plain","user":"plain","site":"plain","subject":"plain","start":{"named":"instant"},"end":{"named":"instant"},"amount":"plain","weight":"plain"}},
      "figure": {"variant":{"none":null,"money":"plain","count":"plain","ratio":{"tuple":["plain","plain"]},"minutes":"plain","other":"plain"}},
      "score": {"record":{"metric":"plain","group":"plain","figure":{"named":"figure"},"key":"plain"}},
      "calculation": "plain",
      "target": {"record":{"metric":"plain","target":"plain","actual":{"named":"figure"},"first":{"named":"date"},"last":{"named":"date"},"today":{"named":"date"}}},
      "attainment": {"record":{"percent":{"option":"plain"},"run-rate":{"option":"plain"},"level":"plain","label":{"named":"text"}}},
    },
    "functions": {
      "metrics": {"params":[],"result":{"list":{"named":"metric"}}},
      "calculation.add": {"params":[{"list":{"named":"fact"}}],"result":null},
      "calculation.finish": {"params":[],"result":{"list":{"named":"score"}}},
      "attain": {"params":[{"list":{"named":"target"}}],"result":{"list":{"named":"attainment"}}},
    },
  },
  "workflow": {
    "types": {
      "id": {"use":"types"},
      "money": {"use":"types"},
      "instant": {"use":"types"},
      "date": {"use":"types"},
      "json": {"use":"types"},
      "text": {"use":"types"},
      "field-problem": {"use":"types"},
      "error": {"use":"types"},
      "actor": {"use":"types"},
      "opportunite": {"use":"types"},
      "section": {"record":{"id":"plain","label":{"named":"text"},"owners":{"list":"plain"},"editors":{"list":"plain"},"form":{"named":"json"},"limit-hours":{"option":"plain"}}},
      "outcome": "enum",
      "status": {"record":{"id":"plain","label":{"named":"text"},"section":"plain","outcome":{"named":"outcome"},"probability":"plain","waits-for":{"list":"plain"}}},
      "direction": "enum",
      "transition": {"record":{"id":"plain","label":{"named":"text"},"direction":{"named":"direction"},"sources":{"list":"plain"},"roles":{"list":"plain"},"form":{"named":"json"}}},
      "workflow-definition": {"record":{"id":"plain","label":{"named":"text"},"sections":{"list":{"named":"section"}},"statuses":{"list":{"named":"status"}},"transitions":{"list":{"named":"transition"}}}},
      "moment": {"record":{"now":{"named":"instant"},"today":{"named":"date"}}},
      "booking": {"record":{"kind":"plain","resource-id":"plain","day":{"named":"date"},"half":"plain"}},
      "fact": {"record":{"kind":"plain","day":{"named":"date"},"amount":{"named":"money"},"key":"plain"}},
      "numbering": {"record":{"series":"plain","format":"plain","pointer":"plain"}},
      "step": {"record":{"transition":"plain","source":"plain","target":"plain","reason":"plain"}},
      "decision": {"record":{"section":"plain","status":"plain","outcome":{"named":"outcome"},"amount":{"named":"money"},"due":{"option":{"named":"instant"}},"data":{"named":"json"},"state":{"named":"json"},"steps":{"list":{"named":"step"}},"facts":{"list":{"named":"fact"}},"bookings":{"option":{"list":{"named":"booking"}}},"numberings":{"list":{"named":"numbering"}}}},
      "offer": {"record":{"transition":"plain","allowed":"plain","blockers":{"list":{"named":"field-problem"}}}},
    },
    "functions": {
      "definition": {"params":[],"result":{"named":"workflow-definition"}},
      "start": {"params":[{"named":"opportunite"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
      "decide": {"params":[{"named":"opportunite"},"plain",{"named":"json"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
      "edit": {"params":[{"named":"opportunite"},"plain",{"named":"json"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
      "offers": {"params":[{"named":"opportunite"},{"named":"actor"},{"named":"moment"}],"result":{"list":{"named":"offer"}}},
      "editable": {"params":[{"named":"opportunite"},{"named":"actor"}],"result":{"list":"plain"}},
    },
  },
};
