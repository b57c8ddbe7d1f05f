// Checks PDFs with veraPDF: VeraPdf <folder> …. Every PDF of the folders must be PDF/A-3a and PDF/UA-1. Prints what is
// wrong, with its clause and place, and ends with `N passed, N failed`.

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class VeraPdf {
    static final List<PDFAFlavour> FLAVOURS = List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1);

    public static void main(String[] folders) throws IOException {
        VeraGreenfieldFoundryProvider.initialise();
        List<Path> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> found = Files.walk(Path.of(folder))) {
                found.filter(path -> path.toString().endsWith(".pdf")).sorted().forEach(files::add);
            }
        }
        int failed = 0;
        for (Path file : files) {
            for (PDFAFlavour flavour : FLAVOURS) {
                if (!passes(file, flavour)) failed++;
            }
        }
        int passed = files.size() * FLAVOURS.size() - failed;
        if (files.isEmpty()) failed = 1; // Nothing to check is a fault too.
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    static boolean passes(Path file, PDFAFlavour flavour) {
        try (InputStream in = Files.newInputStream(file);
                var parser = Foundries.defaultInstance().createParser(in, flavour);
                var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.isCompliant()) return true;
            System.out.println("FAILED " + file + " as " + flavour.getId());
            for (TestAssertion fault : result.getTestAssertions()) {
                var rule = fault.getRuleId();
                System.out.println("    " + rule.getClause() + "-" + rule.getTestNumber() + " " + fault.getMessage()
                    + " (" + fault.getLocation().getContext() + ")");
            }
        } catch (Exception error) {
            System.out.println("FAILED " + file + " as " + flavour.getId() + ": " + error);
        }
        return false;
    }
}
