package org.llavacluster.clustertest.client;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.nio.file.Path;
import java.util.List;

/** Writes the image of the programs of this package on the base of the services' images. */
public final class ClientImage {

    private static final AbsoluteUnixPath CLASSES = AbsoluteUnixPath.get("/client/classes");

    private ClientImage() {}

    /** @param arguments archive of the base, folder of the classes, folder of the images, name of the image, archive */
    public static void main(String[] arguments) throws Exception {
        FileEntriesLayer files = FileEntriesLayer.builder()
                .addEntryRecursive(Path.of(arguments[1]), CLASSES)
                .addEntryRecursive(Path.of(arguments[2]), AbsoluteUnixPath.get(LoadQuestion.IMAGES))
                .build();
        Jib.from(TarImage.at(Path.of(arguments[0])))
                .addFileEntriesLayer(files)
                .setEntrypoint(List.of("/opt/java/bin/java", "-XX:+UseSerialGC", "-Xmx96m", "-cp", CLASSES.toString()))
                .setUser("10001:10001")
                .setFormat(ImageFormat.OCI)
                .containerize(
                        Containerizer.to(TarImage.at(Path.of(arguments[4])).named(ImageReference.parse(arguments[3])))
                                .setOfflineMode(true));
    }
}
