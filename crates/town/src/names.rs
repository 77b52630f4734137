//! Names of the region, for people and for businesses, and a way to write them in plain letters.

pub(crate) const GIVEN: &[&str] = &[
    "Lucía",
    "Martín",
    "Sofía",
    "Diego",
    "Valentina",
    "Santiago",
    "Camila",
    "Rodrigo",
    "Florencia",
    "Nicolás",
    "Carolina",
    "Federico",
    "Victoria",
    "Gonzalo",
    "Mariana",
    "Sebastián",
    "Paula",
    "Andrés",
    "Cecilia",
    "Joaquín",
    "Natalia",
    "Pablo",
    "Verónica",
    "Álvaro",
    "Silvia",
    "Matías",
    "Gabriela",
    "Leonardo",
    "Adriana",
    "Emiliano",
    "Rosario",
    "Ignacio",
    "Eugenia",
    "Hugo",
    "Beatriz",
    "Marcelo",
    "Laura",
    "Julio",
    "Elena",
    "Rafael",
];

pub(crate) const FAMILY: &[&str] = &[
    "Rodríguez",
    "González",
    "Martínez",
    "Fernández",
    "Pereira",
    "García",
    "López",
    "Pérez",
    "Cabrera",
    "Olivera",
    "Suárez",
    "Núñez",
    "Techera",
    "Acosta",
    "Bentancor",
    "Correa",
    "Méndez",
    "Larrosa",
    "Ferreira",
    "Viera",
    "Cardozo",
    "Giménez",
    "Etcheverry",
    "Bianchi",
    "Rossi",
    "Machado",
    "Barboza",
    "De León",
    "Píriz",
    "Ibarra",
    "Castro",
    "Vázquez",
    "Delgado",
    "Umpiérrez",
    "Rivero",
    "Sánchez",
    "Medina",
    "Aguirre",
    "Colombo",
    "Zubillaga",
];

/// What follows the trade over a door.
pub(crate) const SIGNS: &[&str] = &[
    "El Faro",
    "La Rinconada",
    "Don Aníbal",
    "Las Gaviotas",
    "El Ceibo",
    "La Esquina Vieja",
    "Tres Cruces",
    "Los Tilos",
    "El Resero",
    "La Paloma",
    "Doña Elvira",
    "El Tranvía",
    "Costa Azul",
    "La Cumparsa",
    "El Jacarandá",
    "Río Ancho",
    "La Vereda",
    "El Zorzal",
    "Puerto Chico",
    "La Tahona",
    "El Molino",
    "Las Palmas",
    "Nuevo Sur",
    "La Sirena",
    "El Trébol",
    "Barrio Alegre",
    "La Estrella",
    "El Almendro",
    "Los Hermanos",
    "Viento Sur",
];

/// Writes a name in small plain letters with hyphens, fit for an id: `Ana Ruiz` becomes `ana-ruiz`.
pub(crate) fn plain(name: &str) -> String {
    let letters = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            ' ' => '-',
            other => other,
        });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_written_in_plain_letters() {
        for name in GIVEN.iter().chain(FAMILY) {
            assert!(
                plain(name)
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter == '-'),
                "{name}"
            );
        }
        assert_eq!(plain("Ana Ruiz"), "ana-ruiz");
    }
}
