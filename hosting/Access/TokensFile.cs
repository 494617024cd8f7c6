using Microsoft.Extensions.Logging;
using Quorate.Hosting.Settings;

namespace Quorate.Hosting.Access;

/// <summary>
/// The tokens of <c>Quorate:TokensFile</c> as they stand now. Looked at with each request: who is taken out of the file is refused from the next
/// request on. A file that cannot be used changes nothing, and is logged once.
/// </summary>
internal sealed class TokensFile
{
    private const int BytesMax = 256 * 1024;

    /// <summary>A file that was read so shortly after it was written may have been written again within the same tick of its clock.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private TokenTable _table;
    private string _text;
    private string _complaint = "";
    private (DateTime At, long Length)? _seen;

    /// <exception cref="SettingsException">The file cannot be used; the message says every reason.</exception>
    public TokensFile(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        _seen = Settled(Stamp());
        _text = Read();
        _table = TokenTable.Parse(_text, path);
    }

    /// <summary>What counts now.</summary>
    public TokenTable Current(ILogger logger)
    {
        lock (_lock)
        {
            try
            {
                (DateTime At, long Length) stamp = Stamp();
                if (stamp == _seen)
                {
                    return _table;
                }
                string text = Read();
                if (text != _text || _complaint.Length > 0)
                {
                    _table = TokenTable.Parse(text, _path);
                    _text = text;
                    _complaint = "";
                    logger.TokensTaken(_path, _table.Count);
                }
                _seen = Settled(stamp);
            }
            catch (SettingsException failure)
            {
                // Once for each reason, not with each request.
                if (_complaint != failure.Message)
                {
                    _complaint = failure.Message;
                    logger.TokensNotTaken(failure.Message);
                }
            }
            return _table;
        }
    }

    private (DateTime At, long Length)? Settled((DateTime At, long Length) stamp) => _time.GetUtcNow() - stamp.At > SettleTime ? stamp : null;

    private (DateTime At, long Length) Stamp()
    {
        FileInfo file = new(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : throw new SettingsException($"there is no file {_path}");
    }

    private string Read()
    {
        try
        {
            return new FileInfo(_path) is { Length: > BytesMax }
                ? throw new SettingsException($"{_path} is larger than {BytesMax} bytes")
                : File.ReadAllText(_path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{_path} cannot be read: {failure.Message}", failure);
        }
    }
}
