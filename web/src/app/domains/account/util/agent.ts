/** What a browser says about itself (`User-Agent`), in two names that people know. */

/** In this order: most browsers also name the ones that they descend from. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export interface Agent {
  /** `null` for a program, or an unknown browser. */
  browser: string | null;
  system: string | null;
  mobile: boolean;
}

export function readAgent(agent: string | null): Agent {
  const named = (known: readonly [RegExp, string][]): string | null =>
    known.find(([mark]) => mark.test(agent ?? ''))?.[1] ?? null;
  const system = named(SYSTEMS);
  return { browser: named(BROWSERS), system, mobile: system === 'iOS' || system === 'Android' };
}
