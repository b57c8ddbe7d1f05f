/** French texts of the domain formateurs. */

export const fr = {
  formateurs: {
    one: 'Formateur',
    create: 'Nouveau formateur',
    edit: 'Modifier le formateur',
    search: 'Nom, compétence…',
    kind: 'Statut',
    allKinds: 'Tous les statuts',
    kinds: { permanent: 'Permanent', vacataire: 'Vacataire' },
    withInactive: 'Avec les inactifs',
    none: 'Aucun formateur',
    noneText: 'Aucun formateur ne correspond sur ce périmètre.',
    skill: 'Compétence',
    anySkill: 'Toutes',
    skills: 'Compétences',
    certifications: 'Certifications',
    hasExpired: '{{name}} : expiré le {{day}}',
    expires: '{{name}} : expire dans {{n}} jour{{n||s}}',
    planning: 'Planning',
    away: 'absent',
    free: 'libre',
    hourlyRate: 'Taux horaire',
    noCertification: 'Aucune certification',
    shared: 'réseau',
    unavailability: 'Indisponibilités',
  },
};
