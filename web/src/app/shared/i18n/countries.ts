/** Countries by their ISO 3166-1 code, named in the language of the page by the browser. Pure. */

const CODES = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ ' +
  'DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT ' +
  'JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ ' +
  'OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
  'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
).split(' ');
/** The countries of most customers: first in every list. */
const NEAR = ['FR', 'BE', 'MC', 'LU', 'CH', 'DE', 'ES', 'IT', 'GB'];

export interface Country {
  code: string;
  name: string;
}

/** The name of a country. A name from before codes were used is returned as it is. */
export function countryName(code: string, tag: string): string {
  return /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames([tag], { type: 'region' }).of(code) ?? code) : code;
}

/** All countries, neighbours first, the others by name. */
export function countries(tag: string): Country[] {
  const named = (codes: string[]): Country[] => codes.map((code) => ({ code, name: countryName(code, tag) }));
  const others = named(CODES.filter((code) => !NEAR.includes(code)));
  return [...named(NEAR), ...others.sort((one, other) => one.name.localeCompare(other.name, tag))];
}
