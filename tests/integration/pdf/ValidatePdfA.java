import java.io.File;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Validates files against PDF/A-1b: a line for each file, and then one for each of its faults. */
class ValidatePdfA {
    public static void main(String[] paths) throws Exception {
        for (String path : paths) {
            System.out.println("file");
            for (ValidationResult.ValidationError fault : validated(path).getErrorsList()) {
                String details = fault.getDetails().replaceAll("\\s+", " ");
                System.out.println("fault " + fault.getErrorCode() + " " + details);
            }
        }
    }

    private static ValidationResult validated(String path) throws Exception {
        try {
            PreflightParser parser = new PreflightParser(new File(path));
            parser.parse();
            try (var document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult();
            }
        } catch (SyntaxValidationException error) {
            return error.getResult();
        }
    }
}
