import { type auditor, defineApp } from 'afpi-plugin';

interface Session {
  capacityMax?: number;
  stagiaires?: unknown[];
}

export default defineApp({
  auditor: {
    rules: () => [
      {
        id: 'places',
        label: { fr: 'Plus de stagiaires que de places', en: 'More trainees than seats' },
        severity: 'warning',
        source: { fr: 'Règlement intérieur', en: 'House rules' },
      },
    ],
    audit() {
      const findings: auditor.Finding[] = [];
      return {
        add(entries) {
          for (const { kind, id, label, data } of entries) {
            const { capacityMax, stagiaires } = JSON.parse(data) as Session;
            const trainees = stagiaires?.length ?? 0;
            if (kind !== 'session' || capacityMax === undefined || trainees <= capacityMax) continue;
            findings.push({
              rule: 'places',
              subjects: [{ kind, id }],
              field: '/stagiaires',
              message: {
                fr: `${label} : ${trainees} stagiaires pour ${capacityMax} places.`,
                en: `${label}: ${trainees} trainees for ${capacityMax} seats.`,
              },
              key: id,
            });
          }
        },
        finish: () => findings,
      };
    },
  },
});
