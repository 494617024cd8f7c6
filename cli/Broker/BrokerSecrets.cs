using System.Text;

using Quorate.Hosting.Access;
using Quorate.Hosting.Settings;

namespace Quorate.Cli.Broker;

/// <summary>The passwords of the broker's users, one file each, which only its owner may read. They are printed and logged nowhere.</summary>
internal sealed class BrokerSecrets
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly Uri _broker;

    /// <param name="directory">Made where it is not there, for its owner alone.</param>
    /// <param name="broker">The address without user, as the programs take it.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public BrokerSecrets(string directory, Uri broker)
    {
        _directory = Path.GetFullPath(directory);
        _broker = broker;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_directory);
        }
        else
        {
            Directory.CreateDirectory(_directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The user with the password of its file; a new one where there is none, or where it shall be replaced.</summary>
    /// <exception cref="IOException">The file holds something else, or cannot be written.</exception>
    public BrokerUser Keep(BusGrant permission, bool isRotated)
    {
        string file = Path.Combine(_directory, permission.User);
        bool isThere = File.Exists(file);
        string password = isThere && !isRotated ? PasswordIn(file, permission.User) : AccessToken.NewSecret();
        string address = new UriBuilder(_broker) { UserName = permission.User, Password = password }.Uri.AbsoluteUri;
        Write(file, Encoding.UTF8.GetBytes($"{address}\n"));
        return new BrokerUser(permission, password, file, !isThere ? "new" : isRotated ? "rotated" : "kept");
    }

    private static string PasswordIn(string file, string user)
    {
        try
        {
            return Uri.TryCreate(SecretFile.Read(file), UriKind.Absolute, out Uri? address) && address.UserInfo.Split(':', 2) is [var name, { Length: > 0 } password]
                && Uri.UnescapeDataString(name) == user
                ? Uri.UnescapeDataString(password)
                : throw new IOException($"{file} holds no address of the user {user}: correct it, or make a new one with --rotate {user}");
        }
        catch (SettingsException failure)
        {
            throw new IOException($"{failure.Message}: correct it, or make a new one with --rotate {user}", failure);
        }
    }

    /// <summary>In place, so that the file stays that of the user a service runs as; the new text first, then the end, so that it is never empty.</summary>
    private static void Write(string file, byte[] content)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using FileStream stream = new(file, options);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
        }

        stream.Write(content);
        stream.SetLength(content.Length);
        stream.Flush(flushToDisk: true);
    }
}
