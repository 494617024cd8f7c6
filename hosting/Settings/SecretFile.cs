namespace Quorate.Hosting.Settings;

/// <summary>A file that holds one secret: an address with a password, or a token. What it holds is never part of a message.</summary>
public static class SecretFile
{
    private const int BytesMax = 16 * 1024;

    /// <summary>Reads the secret: the only line that is not empty.</summary>
    /// <exception cref="SettingsException">It cannot be read, or holds anything but one line; the message names the file and nothing of what is in it.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Length: > BytesMax })
            {
                throw new SettingsException($"{path} is larger than {BytesMax} bytes: it must hold one line");
            }
            return File.ReadAllText(path).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var line]
                ? line
                : throw new SettingsException($"{path} must hold one line");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingsException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
