// Made from wit/ by `afpi plugin types`; do not edit.
import type { Shapes } from '../testing/codec.js';

export const shapes: Shapes = {
  "clock": {
    "functions": {
      "now": {"params":[],"result":{"named":"instant"}},
    },
    "types": {
      "instant": {"use":"types"},
    },
  },
  "config": {
    "functions": {
      "get": {"params":[],"result":{"named":"json"}},
    },
    "types": {
      "json": {"use":"types"},
    },
  },
  "connector": {
    "functions": {
      "check": {"params":[],"result":{"list":{"named":"probe"}}},
      "pass.next": {"params":["plain"],"result":{"named":"batch"}},
      "pass.open": {"params":[{"list":"plain"}],"result":"plain"},
    },
    "types": {
      "batch": {"record":{"completed":{"list":"plain"},"done":"plain","entity":"plain","finished":"plain","items":{"list":{"named":"item"}},"skipped":{"list":{"named":"skipped"}},"total":"plain"}},
      "error": {"use":"types"},
      "item": {"record":{"archived":"plain","entity":"plain","external-id":"plain","fields":{"named":"json"},"parent":"plain"}},
      "json": {"use":"types"},
      "pass": "plain",
      "probe": {"record":{"message":{"named":"text"},"name":"plain","ok":"plain"}},
      "skipped": {"record":{"entity":"plain","external-id":"plain","reason":{"named":"text"}}},
      "text": {"use":"types"},
    },
  },
  "context": {
    "functions": {
      "current": {"params":[],"result":{"named":"call-context"}},
    },
    "types": {
      "call-context": {"record":{"call-id":"plain","deadline-ms":"plain","locale":"plain","site":{"named":"id"},"site-code":"plain"}},
      "id": {"use":"types"},
    },
  },
  "events": {
    "functions": {
      "emit": {"params":[{"named":"event"}],"result":"plain"},
    },
    "types": {
      "error": {"use":"types"},
      "event": {"record":{"name":"plain","opportunite":{"option":{"named":"id"}},"payload":{"named":"json"}}},
      "id": {"use":"types"},
      "json": {"use":"types"},
    },
  },
  "hook": {
    "functions": {
      "after": {"params":[{"named":"event"}],"result":"plain"},
      "before": {"params":[{"named":"event"}],"result":{"named":"verdict"}},
      "subscriptions": {"params":[],"result":{"list":{"named":"subscription"}}},
    },
    "types": {
      "actor": {"use":"types"},
      "entreprise": {"use":"types"},
      "error": {"use":"types"},
      "event": {"record":{"actor":{"option":{"named":"actor"}},"at":{"named":"instant"},"data":{"named":"json"},"name":"plain","site":{"named":"id"},"subject":{"named":"subject"}}},
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "opportunite": {"use":"types"},
      "phase": "enum",
      "subject": {"variant":{"entreprise":{"named":"entreprise"},"none":null,"opportunite":{"named":"opportunite"},"other":{"named":"json"}}},
      "subscription": {"record":{"event":"plain","order":"plain","phase":{"named":"phase"}}},
      "text": {"use":"types"},
      "verdict": {"variant":{"allow":null,"other":"plain","veto":{"named":"text"}}},
    },
  },
  "http-client": {
    "functions": {
      "response.headers": {"params":[],"result":{"list":{"named":"header"}}},
      "response.read": {"params":["plain"],"result":{"option":{"list":"plain"}}},
      "response.status": {"params":[],"result":"plain"},
      "send": {"params":[{"named":"request"}],"result":"plain"},
    },
    "types": {
      "error": {"use":"types"},
      "header": {"record":{"name":"plain","value":"plain"}},
      "method": "enum",
      "request": {"record":{"body":{"option":{"list":"plain"}},"headers":{"list":{"named":"header"}},"method":{"named":"method"},"secret-headers":{"list":{"named":"secret-header"}},"timeout-ms":"plain","url":"plain"}},
      "response": "plain",
      "secret-header": {"record":{"name":"plain","prefix":"plain","secret":"plain"}},
    },
  },
  "job-handler": {
    "functions": {
      "run": {"params":["plain",{"named":"json"},"plain"],"result":{"named":"outcome"}},
    },
    "types": {
      "json": {"use":"types"},
      "outcome": {"variant":{"done":null,"fail":"plain","other":"plain","retry":"plain"}},
    },
  },
  "jobs": {
    "functions": {
      "enqueue": {"params":[{"named":"job"}],"result":"plain"},
    },
    "types": {
      "error": {"use":"types"},
      "job": {"record":{"dedupe-key":{"option":"plain"},"kind":"plain","payload":{"named":"json"},"run-after-ms":"plain"}},
      "json": {"use":"types"},
    },
  },
  "kv": {
    "functions": {
      "delete": {"params":["plain"],"result":"plain"},
      "get": {"params":["plain"],"result":{"option":{"list":"plain"}}},
      "keys": {"params":["plain",{"option":"plain"}],"result":{"list":"plain"}},
      "set": {"params":["plain",{"list":"plain"}],"result":"plain"},
    },
    "types": {
      "error": {"use":"types"},
    },
  },
  "lifecycle": {
    "functions": {
      "config-schema": {"params":[],"result":{"named":"json"}},
      "migrate-config": {"params":["plain",{"named":"json"}],"result":{"named":"json"}},
      "validate-config": {"params":[{"named":"json"}],"result":{"list":{"named":"field-problem"}}},
    },
    "types": {
      "error": {"use":"types"},
      "field-problem": {"use":"types"},
      "json": {"use":"types"},
    },
  },
  "log": {
    "functions": {
      "write": {"params":[{"named":"level"},"plain"],"result":null},
    },
    "types": {
      "level": "enum",
    },
  },
  "metrics": {
    "functions": {
      "add": {"params":["plain","plain"],"result":null},
      "set": {"params":["plain","plain"],"result":null},
    },
    "types": {},
  },
  "notifier": {
    "functions": {
      "kinds": {"params":[],"result":{"list":{"named":"kind"}}},
      "notify": {"params":[{"named":"event"}],"result":{"list":{"named":"message"}}},
    },
    "types": {
      "actor": {"use":"types"},
      "audience": {"variant":{"other":"plain","owner":null,"role":"plain","user":{"named":"id"}}},
      "error": {"use":"types"},
      "event": {"record":{"actor":{"option":{"named":"actor"}},"at":{"named":"instant"},"data":{"named":"json"},"name":"plain","site":{"named":"id"},"subject":{"option":{"named":"opportunite"}}}},
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "kind": {"record":{"channels":{"list":"plain"},"id":"plain","label":{"named":"text"}}},
      "message": {"record":{"body":{"named":"text"},"dedupe-key":"plain","kind":"plain","link":"plain","title":{"named":"text"},"to":{"list":{"named":"audience"}}}},
      "opportunite": {"use":"types"},
      "text": {"use":"types"},
    },
  },
  "objectives": {
    "functions": {
      "attain": {"params":[{"list":{"named":"target"}}],"result":{"list":{"named":"attainment"}}},
      "calculation.add": {"params":[{"list":{"named":"fact"}}],"result":null},
      "calculation.finish": {"params":[],"result":{"list":{"named":"score"}}},
      "metrics": {"params":[],"result":{"list":{"named":"metric"}}},
    },
    "types": {
      "attainment": {"record":{"label":{"named":"text"},"level":"plain","percent":{"option":"plain"},"run-rate":{"option":"plain"}}},
      "calculation": "plain",
      "date": {"use":"types"},
      "error": {"use":"types"},
      "fact": {"record":{"amount":"plain","end":{"named":"instant"},"key":"plain","kind":"plain","site":"plain","start":{"named":"instant"},"subject":"plain","user":"plain","weight":"plain"}},
      "figure": {"variant":{"count":"plain","minutes":"plain","money":"plain","none":null,"other":"plain","ratio":{"tuple":["plain","plain"]}}},
      "grouping": "enum",
      "instant": {"use":"types"},
      "metric": {"record":{"id":"plain","label":{"named":"text"},"targetable":"plain","unit":{"named":"unit"}}},
      "query": {"record":{"first":{"named":"date"},"grouping":{"named":"grouping"},"last":{"named":"date"},"metrics":{"list":"plain"},"today":{"named":"date"},"words":{"list":"plain"}}},
      "score": {"record":{"figure":{"named":"figure"},"group":"plain","key":"plain","metric":"plain"}},
      "target": {"record":{"actual":{"named":"figure"},"first":{"named":"date"},"last":{"named":"date"},"metric":"plain","target":"plain","today":{"named":"date"}}},
      "text": {"use":"types"},
      "unit": "enum",
    },
  },
  "random": {
    "functions": {
      "bytes": {"params":["plain"],"result":{"list":"plain"}},
    },
    "types": {},
  },
  "records-read": {
    "functions": {
      "get-entreprise": {"params":[{"named":"id"}],"result":{"named":"entreprise"}},
      "get-opportunite": {"params":[{"named":"id"}],"result":{"named":"opportunite"}},
      "list-entreprises": {"params":[{"named":"page-request"}],"result":{"named":"entreprise-page"}},
      "list-opportunites": {"params":[{"named":"page-request"}],"result":{"named":"opportunite-page"}},
    },
    "types": {
      "criterion": {"record":{"field":"plain","value":"plain"}},
      "entreprise": {"use":"types"},
      "entreprise-page": {"record":{"items":{"list":{"named":"entreprise"}},"next":{"option":"plain"}}},
      "error": {"use":"types"},
      "id": {"use":"types"},
      "opportunite": {"use":"types"},
      "opportunite-page": {"record":{"items":{"list":{"named":"opportunite"}},"next":{"option":"plain"}}},
      "page-request": {"record":{"after":{"option":"plain"},"criteria":{"list":{"named":"criterion"}},"limit":"plain"}},
    },
  },
  "secrets": {
    "functions": {
      "has": {"params":["plain"],"result":"plain"},
    },
    "types": {},
  },
  "types": {
    "functions": {},
    "types": {
      "actor": {"record":{"id":{"named":"id"},"name":"plain","owner":"plain","role":"plain"}},
      "date": "plain",
      "entreprise": {"record":{"active":"plain","city":"plain","created-at":{"named":"instant"},"data":{"named":"json"},"id":{"named":"id"},"localisation":{"named":"id"},"name":"plain","postcode":"plain","siret":"plain","updated-at":{"named":"instant"}}},
      "error": {"variant":{"conflict":{"named":"text"},"denied":{"named":"text"},"invalid":{"list":{"named":"field-problem"}},"not-found":"plain","other":"plain","rate-limited":"plain","unavailable":"plain"}},
      "field-problem": {"record":{"code":"plain","field":"plain","message":{"named":"text"}}},
      "id": "plain",
      "instant": "plain",
      "json": "plain",
      "money": "plain",
      "opportunite": {"record":{"amount":{"named":"money"},"budget":{"named":"money"},"commercial":{"named":"id"},"created-at":{"named":"instant"},"data":{"named":"json"},"entreprise":{"named":"id"},"entreprise-name":"plain","id":{"named":"id"},"kind":"plain","localisation":{"named":"id"},"numero":"plain","section":"plain","section-since":{"named":"instant"},"state":{"named":"json"},"status":"plain","title":"plain"}},
      "text": {"record":{"en":"plain","fr":"plain"}},
    },
  },
  "workflow": {
    "functions": {
      "decide": {"params":[{"named":"opportunite"},"plain",{"named":"json"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
      "definition": {"params":[],"result":{"named":"workflow-definition"}},
      "edit": {"params":[{"named":"opportunite"},"plain",{"named":"json"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
      "editable": {"params":[{"named":"opportunite"},{"named":"actor"}],"result":{"list":"plain"}},
      "offers": {"params":[{"named":"opportunite"},{"named":"actor"},{"named":"moment"}],"result":{"list":{"named":"offer"}}},
      "start": {"params":[{"named":"opportunite"},{"named":"actor"},{"named":"moment"}],"result":{"named":"decision"}},
    },
    "types": {
      "actor": {"use":"types"},
      "booking": {"record":{"day":{"named":"date"},"half":"plain","kind":"plain","resource-id":"plain"}},
      "date": {"use":"types"},
      "decision": {"record":{"amount":{"named":"money"},"bookings":{"option":{"list":{"named":"booking"}}},"data":{"named":"json"},"due":{"option":{"named":"instant"}},"facts":{"list":{"named":"fact"}},"numberings":{"list":{"named":"numbering"}},"outcome":{"named":"outcome"},"section":"plain","state":{"named":"json"},"status":"plain","steps":{"list":{"named":"step"}}}},
      "direction": "enum",
      "error": {"use":"types"},
      "fact": {"record":{"amount":{"named":"money"},"day":{"named":"date"},"key":"plain","kind":"plain"}},
      "field-problem": {"use":"types"},
      "id": {"use":"types"},
      "instant": {"use":"types"},
      "json": {"use":"types"},
      "moment": {"record":{"now":{"named":"instant"},"today":{"named":"date"}}},
      "money": {"use":"types"},
      "numbering": {"record":{"format":"plain","pointer":"plain","series":"plain"}},
      "offer": {"record":{"allowed":"plain","blockers":{"list":{"named":"field-problem"}},"transition":"plain"}},
      "opportunite": {"use":"types"},
      "outcome": "enum",
      "section": {"record":{"editors":{"list":"plain"},"form":{"named":"json"},"id":"plain","label":{"named":"text"},"limit-hours":{"option":"plain"},"owners":{"list":"plain"}}},
      "status": {"record":{"id":"plain","label":{"named":"text"},"outcome":{"named":"outcome"},"probability":"plain","section":"plain","waits-for":{"list":"plain"}}},
      "step": {"record":{"reason":"plain","source":"plain","target":"plain","transition":"plain"}},
      "text": {"use":"types"},
      "transition": {"record":{"direction":{"named":"direction"},"form":{"named":"json"},"id":"plain","label":{"named":"text"},"roles":{"list":"plain"},"sources":{"list":"plain"}}},
      "workflow-definition": {"record":{"id":"plain","label":{"named":"text"},"sections":{"list":{"named":"section"}},"statuses":{"list":{"named":"status"}},"transitions":{"list":{"named":"transition"}}}},
    },
  },
};
