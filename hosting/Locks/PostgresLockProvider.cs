using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>
/// Session advisory locks. Each held lock is one connection outside every pool, so closing it is a release that cannot fail; the
/// server closes it too when the holder has been silent for <see cref="SilenceMilliseconds"/> (frozen, cut off).
/// </summary>
internal sealed class PostgresLockProvider : IDistributedLockProvider
{
    private const int SilenceMilliseconds = 3000;
    private const int ConnectSeconds = 5;

    private readonly string _connectionString;
    private readonly LockTokens _tokens;
    private readonly TimeProvider _time;

    public PostgresLockProvider(IDatabase database, string setting, TimeProvider time)
    {
        _time = time;
        _tokens = new LockTokens(database, time);
        _connectionString = new NpgsqlConnectionStringBuilder(setting)
        {
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = 0,
            CancellationTimeout = 1000,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 2,
            ApplicationName = "quorate lock",
            Options = string.Create(CultureInfo.InvariantCulture,
                $"-c idle_session_timeout={SilenceMilliseconds} -c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"),
        }.ConnectionString;
    }

    /// <inheritdoc/>
    public IDistributedLock CreateLock(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new PostgresLock(name, _connectionString, _tokens, _time);
    }

    /// <summary>The advisory key of a name: the first 64 bits of its SHA-256.</summary>
    public static long KeyOf(string name) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
