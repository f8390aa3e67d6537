import com.itextpdf.text.Image;
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.BarcodeQRCode;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.PdfTemplate;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/**
 * The comparable stamp with iText 5: art, QR, visible PAdES field, appended.
 *
 * Arguments: the folder with key.der, leaf.der, issuer.der and art.png; how often to warm up with
 * each document, and how often to measure; the documents.
 * Prints a line for each document: median milliseconds (warm), growth in bytes.
 */
public class StampWithIText {
    static PrivateKey key;
    static Certificate[] chain;
    static byte[] art;

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        key = KeyFactory.getInstance("RSA").generatePrivate(
            new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("key.der"))));
        chain = new Certificate[] {certificate(folder, "leaf"), certificate(folder, "issuer")};
        art = Files.readAllBytes(folder.resolve("art.png"));
        int warmUp = Integer.parseInt(arguments[1]);
        int times = Integer.parseInt(arguments[2]);
        for (String name : Arrays.copyOfRange(arguments, 3, arguments.length)) {
            byte[] document = Files.readAllBytes(Path.of(name));
            byte[] made = null;
            double[] taken = new double[times];
            for (int at = -warmUp; at < times; at++) {
                long start = System.nanoTime();
                made = stamp(document, "Emet" + (1000 + at));
                if (at >= 0) taken[at] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(taken);
            System.out.printf("%.4f %d%n", taken[times / 2], made.length - document.length);
        }
    }

    static Certificate certificate(Path folder, String name) throws Exception {
        byte[] encoded = Files.readAllBytes(folder.resolve(name + ".der"));
        return CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
    }

    static byte[] stamp(byte[] document, String field) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream(document.length + 65_536);
        PdfStamper stamper =
            PdfStamper.createSignature(new PdfReader(document), output, '\0', null, true);
        PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
        appearance.setReason("Surat lamaran");
        appearance.setLocation("Indonesia");
        appearance.setVisibleSignature(new Rectangle(300, 250, 380, 330), 1, field);
        PdfTemplate drawn = appearance.getLayer(2);
        Image picture = Image.getInstance(art);
        picture.scaleAbsolute(80, 80);
        picture.setAbsolutePosition(0, 0);
        drawn.addImage(picture);
        Image code = new BarcodeQRCode(
            "HTTPS://METERAI.EXAMPLE.CO.ID/S/" + field, 29, 29, null).getImage();
        code.scaleAbsolute(57, 57);
        code.setAbsolutePosition(22, 12);
        drawn.addImage(code);
        MakeSignature.signDetached(
            appearance, new BouncyCastleDigest(), new PrivateKeySignature(key, "SHA-256", null),
            chain, null, null, null, 0, MakeSignature.CryptoStandard.CADES);
        return output.toByteArray();
    }
}
