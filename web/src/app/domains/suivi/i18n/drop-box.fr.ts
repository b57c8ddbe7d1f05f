/** French texts of the drop box. */

export const fr = {
  dropBox: {
    title: 'Vos courriels dans le CRM',
    text: 'Mettez cette adresse en copie cachée (Cci) d’un courriel à un client, ou transférez-lui un courriel reçu : il apparaît dans le suivi de la fiche reconnue à ses adresses ou au numéro du dossier dans l’objet, et ceux qui voient la fiche le lisent. Rien d’autre n’est lu dans votre messagerie.',
    address: 'Adresse à mettre en copie cachée',
    copy: 'Copier',
    copied: 'Adresse copiée',
  },
};
