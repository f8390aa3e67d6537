import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Calendar;
import java.util.HexFormat;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceDictionary;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.ExternalSigningSupport;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;

/**
 * Signs files. Each line of input is a job: the file, the file to write, and, where the signature
 * shows, its box on the first page; separated by tabs. The answer is the digest to sign, and after
 * the next line of input, which is the CMS, "signed"; or "failed" and why.
 */
class SignWithPdfBox {
    private static final BufferedReader INPUT =
            new BufferedReader(new InputStreamReader(System.in));

    public static void main(String[] none) throws Exception {
        for (String job = INPUT.readLine(); job != null; job = INPUT.readLine()) {
            String[] parts = job.split("\t");
            try {
                sign(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
                System.out.println("signed");
            } catch (IOException | RuntimeException error) {
                System.out.println("failed " + error.toString().replaceAll("\\s+", " "));
            }
        }
    }

    private static void sign(String from, String to, String box) throws Exception {
        PDSignature signature = new PDSignature();
        signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
        signature.setSignDate(Calendar.getInstance());
        try (PDDocument document = PDDocument.load(new File(from));
                OutputStream written = new FileOutputStream(to);
                SignatureOptions options = new SignatureOptions()) {
            if (!box.isEmpty()) {
                options.setPage(0);
                options.setVisualSignature(look(document.getPage(0), box.split(" ")));
            }
            document.addSignature(signature, options);
            ExternalSigningSupport signing = document.saveIncrementalForExternalSigning(written);
            byte[] content = signing.getContent().readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            System.out.println(HexFormat.of().formatHex(digest));
            signing.setSignature(HexFormat.of().parseHex(INPUT.readLine()));
        }
    }

    /** A file with a field of this box and a frame in it, from which PDFBox copies the look. */
    private static InputStream look(PDPage page, String[] box) throws IOException {
        float left = Float.parseFloat(box[0]), bottom = Float.parseFloat(box[1]);
        float width = Float.parseFloat(box[2]) - left, height = Float.parseFloat(box[3]) - bottom;
        try (PDDocument template = new PDDocument()) {
            template.addPage(new PDPage(page.getMediaBox()));
            PDAcroForm form = new PDAcroForm(template);
            template.getDocumentCatalog().setAcroForm(form);
            form.setSignaturesExist(true);
            form.setAppendOnly(true);
            form.getCOSObject().setDirect(true);
            PDSignatureField field = new PDSignatureField(form);
            form.getFields().add(field);
            PDAnnotationWidget widget = field.getWidgets().get(0);
            widget.setRectangle(new PDRectangle(left, bottom, width, height));
            PDAppearanceStream frame = new PDAppearanceStream(template);
            frame.setBBox(new PDRectangle(width, height));
            PDAppearanceDictionary appearance = new PDAppearanceDictionary();
            appearance.getCOSObject().setDirect(true);
            appearance.setNormalAppearance(frame);
            widget.setAppearance(appearance);
            try (PDPageContentStream drawn = new PDPageContentStream(template, frame)) {
                drawn.addRect(1, 1, width - 2, height - 2);
                drawn.stroke();
            }
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            template.save(made);
            return new ByteArrayInputStream(made.toByteArray());
        }
    }
}
