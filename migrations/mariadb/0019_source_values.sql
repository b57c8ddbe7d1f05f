-- What the other system had in each field when a record was last taken over (JSON): it says who changed a field since.
ALTER TABLE external_ids ADD COLUMN seen_fields TEXT NULL;
-- The same of a staged change, and the fields that both sides changed, which wait for a person (JSON).
ALTER TABLE sync_changes ADD COLUMN source_fields TEXT NULL;
ALTER TABLE sync_changes ADD COLUMN conflicts TEXT NULL;
-- Whose value counts, field by field (JSON); a field that is not named belongs to both sides.
ALTER TABLE connecteurs ADD COLUMN owners TEXT NULL;
-- Countries by their ISO 3166-1 code; names that are not among these stay until somebody chooses one.
UPDATE entreprises SET country = CASE LOWER(country)
    WHEN 'france' THEN 'FR' WHEN 'fr' THEN 'FR' WHEN 'belgique' THEN 'BE' WHEN 'belgium' THEN 'BE' WHEN 'be' THEN 'BE' WHEN 'monaco' THEN 'MC'
    WHEN 'mc' THEN 'MC' WHEN 'luxembourg' THEN 'LU' WHEN 'lu' THEN 'LU' WHEN 'suisse' THEN 'CH' WHEN 'switzerland' THEN 'CH' WHEN 'ch' THEN 'CH'
    WHEN 'allemagne' THEN 'DE' WHEN 'germany' THEN 'DE' WHEN 'de' THEN 'DE' WHEN 'italie' THEN 'IT' WHEN 'italy' THEN 'IT' WHEN 'it' THEN 'IT'
    WHEN 'espagne' THEN 'ES' WHEN 'spain' THEN 'ES' WHEN 'es' THEN 'ES' WHEN 'portugal' THEN 'PT' WHEN 'pt' THEN 'PT' WHEN 'pays-bas' THEN 'NL'
    WHEN 'netherlands' THEN 'NL' WHEN 'nl' THEN 'NL' WHEN 'royaume-uni' THEN 'GB' WHEN 'united kingdom' THEN 'GB' WHEN 'gb' THEN 'GB'
    WHEN 'irlande' THEN 'IE' WHEN 'ireland' THEN 'IE' WHEN 'ie' THEN 'IE' WHEN 'autriche' THEN 'AT' WHEN 'austria' THEN 'AT' WHEN 'at' THEN 'AT'
    WHEN 'danemark' THEN 'DK' WHEN 'denmark' THEN 'DK' WHEN 'dk' THEN 'DK' WHEN 'suède' THEN 'SE' WHEN 'sweden' THEN 'SE' WHEN 'se' THEN 'SE'
    WHEN 'norvège' THEN 'NO' WHEN 'norway' THEN 'NO' WHEN 'no' THEN 'NO' WHEN 'finlande' THEN 'FI' WHEN 'finland' THEN 'FI' WHEN 'fi' THEN 'FI'
    WHEN 'pologne' THEN 'PL' WHEN 'poland' THEN 'PL' WHEN 'pl' THEN 'PL' WHEN 'tchéquie' THEN 'CZ' WHEN 'czechia' THEN 'CZ' WHEN 'cz' THEN 'CZ'
    WHEN 'slovaquie' THEN 'SK' WHEN 'slovakia' THEN 'SK' WHEN 'sk' THEN 'SK' WHEN 'hongrie' THEN 'HU' WHEN 'hungary' THEN 'HU' WHEN 'hu' THEN 'HU'
    WHEN 'roumanie' THEN 'RO' WHEN 'romania' THEN 'RO' WHEN 'ro' THEN 'RO' WHEN 'bulgarie' THEN 'BG' WHEN 'bulgaria' THEN 'BG' WHEN 'bg' THEN 'BG'
    WHEN 'croatie' THEN 'HR' WHEN 'croatia' THEN 'HR' WHEN 'hr' THEN 'HR' WHEN 'slovénie' THEN 'SI' WHEN 'slovenia' THEN 'SI' WHEN 'si' THEN 'SI'
    WHEN 'grèce' THEN 'GR' WHEN 'greece' THEN 'GR' WHEN 'gr' THEN 'GR' WHEN 'estonie' THEN 'EE' WHEN 'estonia' THEN 'EE' WHEN 'ee' THEN 'EE'
    WHEN 'lettonie' THEN 'LV' WHEN 'latvia' THEN 'LV' WHEN 'lv' THEN 'LV' WHEN 'lituanie' THEN 'LT' WHEN 'lithuania' THEN 'LT' WHEN 'lt' THEN 'LT'
    WHEN 'chypre' THEN 'CY' WHEN 'cyprus' THEN 'CY' WHEN 'cy' THEN 'CY' WHEN 'malte' THEN 'MT' WHEN 'malta' THEN 'MT' WHEN 'mt' THEN 'MT'
    WHEN 'andorre' THEN 'AD' WHEN 'andorra' THEN 'AD' WHEN 'ad' THEN 'AD' WHEN 'liechtenstein' THEN 'LI' WHEN 'li' THEN 'LI'
    WHEN 'saint-marin' THEN 'SM' WHEN 'san marino' THEN 'SM' WHEN 'sm' THEN 'SM' WHEN 'turquie' THEN 'TR' WHEN 'türkiye' THEN 'TR' WHEN 'tr' THEN 'TR'
    WHEN 'maroc' THEN 'MA' WHEN 'morocco' THEN 'MA' WHEN 'ma' THEN 'MA' WHEN 'algérie' THEN 'DZ' WHEN 'algeria' THEN 'DZ' WHEN 'dz' THEN 'DZ'
    WHEN 'tunisie' THEN 'TN' WHEN 'tunisia' THEN 'TN' WHEN 'tn' THEN 'TN' WHEN 'sénégal' THEN 'SN' WHEN 'senegal' THEN 'SN' WHEN 'sn' THEN 'SN'
    WHEN 'côte d’ivoire' THEN 'CI' WHEN 'ci' THEN 'CI' WHEN 'cameroun' THEN 'CM' WHEN 'cameroon' THEN 'CM' WHEN 'cm' THEN 'CM'
    WHEN 'États-unis' THEN 'US' WHEN 'états-unis' THEN 'US' WHEN 'united states' THEN 'US' WHEN 'us' THEN 'US' WHEN 'canada' THEN 'CA'
    WHEN 'ca' THEN 'CA' WHEN 'chine' THEN 'CN' WHEN 'china' THEN 'CN' WHEN 'cn' THEN 'CN' WHEN 'japon' THEN 'JP' WHEN 'japan' THEN 'JP'
    WHEN 'jp' THEN 'JP' WHEN 'inde' THEN 'IN' WHEN 'india' THEN 'IN' WHEN 'in' THEN 'IN' WHEN 'brésil' THEN 'BR' WHEN 'brazil' THEN 'BR'
    WHEN 'br' THEN 'BR' WHEN 'guadeloupe' THEN 'GP' WHEN 'gp' THEN 'GP' WHEN 'martinique' THEN 'MQ' WHEN 'mq' THEN 'MQ'
    WHEN 'guyane française' THEN 'GF' WHEN 'french guiana' THEN 'GF' WHEN 'gf' THEN 'GF' WHEN 'la réunion' THEN 'RE' WHEN 'réunion' THEN 'RE'
    WHEN 're' THEN 'RE' WHEN 'mayotte' THEN 'YT' WHEN 'yt' THEN 'YT' WHEN 'nouvelle-calédonie' THEN 'NC' WHEN 'new caledonia' THEN 'NC'
    WHEN 'nc' THEN 'NC' WHEN 'polynésie française' THEN 'PF' WHEN 'french polynesia' THEN 'PF' WHEN 'pf' THEN 'PF'
    WHEN 'saint-pierre-et-miquelon' THEN 'PM' WHEN 'st. pierre & miquelon' THEN 'PM' WHEN 'pm' THEN 'PM'
    ELSE country END;
