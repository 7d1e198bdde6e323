import java.io.InputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpURLConnection;
import java.net.URI;

/** Opens a page as a Java program does, with HttpURLConnection and the ticket of its environment; prints status, address and text. */
public class Open {
    public static void main(String[] arguments) throws Exception {
        CookieHandler.setDefault(new CookieManager(null, CookiePolicy.ACCEPT_ALL));
        HttpURLConnection.setFollowRedirects(false);
        String address = arguments[0];
        for (int hop = 0; hop < 10; hop++) {
            HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setRequestProperty("Accept", "text/html");
            int status = connection.getResponseCode();
            String location = connection.getHeaderField("Location");
            if (location != null && status >= 300 && status < 400) {
                address = URI.create(address).resolve(location).toString();
                continue;
            }
            InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            String text = body == null ? "" : new String(body.readAllBytes());
            System.out.println(status + " " + address + "\n" + text);
            return;
        }
        throw new IllegalStateException("it redirects for ever: " + address);
    }
}
